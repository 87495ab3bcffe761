CREATE TABLE "expiry" ("number" INTEGER NOT NULL PRIMARY KEY, "until" INTEGER NOT NULL, "moment" TEXT NOT NULL);
CREATE UNIQUE INDEX "expiry_until" ON "expiry" ("until");

INSERT INTO "expiry" ("until", "moment")
    SELECT MAX("sequence"), MAX("recorded_at") FROM "change" WHERE "recorded_by" = 'migration' HAVING COUNT(*) > 0;
