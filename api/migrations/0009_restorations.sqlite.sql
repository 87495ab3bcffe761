CREATE TABLE "restoration" ("number" INTEGER NOT NULL PRIMARY KEY, "moment" TEXT NOT NULL, "position" INTEGER NOT NULL, "resumed" INTEGER NOT NULL);
CREATE UNIQUE INDEX "restoration_resumed" ON "restoration" ("resumed");

INSERT INTO "restoration" ("moment", "position", "resumed")
    SELECT strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'), "position", "resumed"
      FROM (SELECT LAG("place", 1, 0) OVER (ORDER BY "place") AS "position", "place" AS "resumed"
              FROM (SELECT "sequence" AS "place" FROM "change" UNION SELECT "seq" + 1 FROM sqlite_sequence WHERE "name" = 'change') AS "places") AS "steps"
     WHERE "resumed" - "position" >= 1000000000 ORDER BY "resumed";
