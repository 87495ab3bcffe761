DROP INDEX "event_filed";
ALTER TABLE "event" DROP COLUMN "filed";
ALTER TABLE "event" ADD COLUMN "filed" INTEGER;
UPDATE "event" SET "filed" = CAST(replace("day", '-', '') AS BIGINT) * 2147483648 + "number";
CREATE UNIQUE INDEX "event_filed" ON "event" ("filed");

DROP INDEX "agreement_filed";
ALTER TABLE "agreement" DROP COLUMN "filed";
ALTER TABLE "agreement" ADD COLUMN "filed" INTEGER;
UPDATE "agreement" SET "filed" = CAST(replace("day", '-', '') AS BIGINT) * 2147483648 + "number";
CREATE UNIQUE INDEX "agreement_filed" ON "agreement" ("filed");

DROP INDEX "communique_filed";
ALTER TABLE "communique" DROP COLUMN "filed";
ALTER TABLE "communique" ADD COLUMN "filed" INTEGER;
UPDATE "communique" SET "filed" = CAST(replace("day", '-', '') AS BIGINT) * 2147483648 + "number";
CREATE UNIQUE INDEX "communique_filed" ON "communique" ("filed");

DROP INDEX "article_filed";
ALTER TABLE "article" DROP COLUMN "filed";
ALTER TABLE "article" ADD COLUMN "filed" INTEGER;
UPDATE "article" SET "filed" = CAST(replace("day", '-', '') AS BIGINT) * 2147483648 + "number";
CREATE UNIQUE INDEX "article_filed" ON "article" ("filed");

CREATE TABLE "statement_anew" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "id" TEXT NOT NULL,
    "etag" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "updated_at" TEXT NOT NULL,
    "date" TEXT NOT NULL,
    "date_earliest" TEXT NOT NULL,
    "date_latest" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "filed" INTEGER,
    "act" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "date_basis" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "communique_id" INTEGER,
    "event_id" INTEGER,
    "reach" INTEGER,
    "label" TEXT NOT NULL,
    "document" BLOB NOT NULL,
    FOREIGN KEY ("communique_id") REFERENCES "communique" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("event_id") REFERENCES "event" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (length(date_earliest) = 10),
    CHECK (length(date_latest) = 10),
    CHECK (date_earliest <= date_latest),
    CHECK (day = date_earliest OR day = date_latest)
);
INSERT INTO "statement_anew" ("number", "id", "etag", "created_at", "updated_at", "date", "date_earliest", "date_latest", "day", "filed", "act", "date_basis", "communique_id", "event_id", "reach", "label", "document")
    SELECT "number", "id", "etag", "created_at", "updated_at", "date", "date_earliest", "date_latest", "day", CAST(replace("day", '-', '') AS BIGINT) * 2147483648 + "number", "act", "date_basis", "communique_id", "event_id", "reach", "label", "document" FROM "statement";
DROP TABLE "statement";
ALTER TABLE "statement_anew" RENAME TO "statement";
CREATE UNIQUE INDEX "statement_id" ON "statement" ("id");
CREATE UNIQUE INDEX "statement_filed" ON "statement" ("filed");
CREATE INDEX "statement_event_id" ON "statement" ("event_id");
CREATE INDEX "statement_updated_at_number" ON "statement" ("updated_at", "number");
CREATE INDEX "statement_reach_filed_date_earliest_date_latest" ON "statement" ("reach", "filed", "date_earliest", "date_latest");
CREATE INDEX "statement_filed_act" ON "statement" ("filed", "act");
CREATE INDEX "statement_act_filed" ON "statement" ("act", "filed");
CREATE INDEX "statement_communique_id_filed" ON "statement" ("communique_id", "filed");
