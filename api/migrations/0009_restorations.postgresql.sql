CREATE TABLE "restoration" ("number" SERIAL NOT NULL PRIMARY KEY, "moment" TEXT COLLATE "C" NOT NULL, "position" BIGINT NOT NULL, "resumed" BIGINT NOT NULL);
CREATE UNIQUE INDEX "restoration_resumed" ON "restoration" ("resumed");

INSERT INTO "restoration" ("moment", "position", "resumed")
    SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), "position", "resumed"
      FROM (SELECT LAG("place", 1, CAST(0 AS BIGINT)) OVER (ORDER BY "place") AS "position", "place" AS "resumed"
              FROM (SELECT "sequence" AS "place" FROM "change" UNION SELECT "last_value" + CAST("is_called" AS INTEGER) FROM "change_sequence_seq") AS "places") AS "steps"
     WHERE "resumed" - "position" >= 1000000000 ORDER BY "resumed";
