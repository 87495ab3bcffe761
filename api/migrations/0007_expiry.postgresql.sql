CREATE TABLE "expiry" ("number" SERIAL NOT NULL PRIMARY KEY, "until" BIGINT NOT NULL, "moment" TEXT COLLATE "C" NOT NULL);
CREATE UNIQUE INDEX "expiry_until" ON "expiry" ("until");

INSERT INTO "expiry" ("until", "moment")
    SELECT MAX("sequence"), MAX("recorded_at") FROM "change" WHERE "recorded_by" = 'migration' HAVING COUNT(*) > 0;
