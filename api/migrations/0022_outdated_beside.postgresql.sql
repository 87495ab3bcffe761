CREATE TABLE "outdated" (
    "number" SERIAL NOT NULL PRIMARY KEY,
    "record_type" TEXT COLLATE "C" NOT NULL,
    "record" INTEGER NOT NULL,
    "recorded_by" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX "outdated_record_type_record" ON "outdated" ("record_type", "record");
