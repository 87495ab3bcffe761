CREATE TABLE "outdated" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "record_type" TEXT NOT NULL,
    "record" INTEGER NOT NULL,
    "recorded_by" TEXT NOT NULL
);
CREATE UNIQUE INDEX "outdated_record_type_record" ON "outdated" ("record_type", "record");
