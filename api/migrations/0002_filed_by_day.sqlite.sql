DROP TABLE "vocabularies_text";
DROP TABLE "speakers_text";
DROP TABLE "places_text";
DROP TABLE "events_text";
DROP TABLE "agreements_text";
DROP TABLE "communiques_text";
DROP TABLE "articles_text";
DROP TABLE "statements_text";
DROP TABLE "evidence";
DROP TABLE "attribution";
DROP TABLE "chain_link";
DROP TABLE "report";
DROP TABLE "statement_link";
DROP TABLE "figure";
DROP TABLE "statement_place";
DROP TABLE "statement_topic";
DROP TABLE "event_reference";
DROP TABLE "agreement_reference";
DROP TABLE "target";
DROP TABLE "addressee";
DROP TABLE "on_behalf_of";
DROP TABLE "statement_speaker";

ALTER TABLE "event" ADD COLUMN "filed" BIGINT GENERATED ALWAYS AS (CAST(replace("day", '-', '') AS BIGINT) * 2147483648 + "number");
CREATE UNIQUE INDEX "event_filed" ON "event" ("filed");
DROP INDEX "event_day_number";
ALTER TABLE "agreement" ADD COLUMN "filed" BIGINT GENERATED ALWAYS AS (CAST(replace("day", '-', '') AS BIGINT) * 2147483648 + "number");
CREATE UNIQUE INDEX "agreement_filed" ON "agreement" ("filed");
DROP INDEX "agreement_day_number";
ALTER TABLE "communique" ADD COLUMN "filed" BIGINT GENERATED ALWAYS AS (CAST(replace("day", '-', '') AS BIGINT) * 2147483648 + "number");
CREATE UNIQUE INDEX "communique_filed" ON "communique" ("filed");
DROP INDEX "communique_day_number";
ALTER TABLE "article" ADD COLUMN "filed" BIGINT GENERATED ALWAYS AS (CAST(replace("day", '-', '') AS BIGINT) * 2147483648 + "number");
CREATE UNIQUE INDEX "article_filed" ON "article" ("filed");
DROP INDEX "article_day_number";

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
    "filed" BIGINT GENERATED ALWAYS AS (CAST(replace("day", '-', '') AS BIGINT) * 2147483648 + "number"),
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
INSERT INTO "statement_anew" ("number", "id", "etag", "created_at", "updated_at", "date", "date_earliest", "date_latest", "day", "act", "date_basis", "communique_id", "event_id", "label", "document") SELECT "number", "id", "etag", "created_at", "updated_at", "date", "date_earliest", "date_latest", "day", "act", "date_basis", "communique_id", "event_id", "label", "document" FROM "statement";
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

CREATE TABLE "statement_speaker" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "filed" INTEGER NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    "office" TEXT,
    "capacity" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "act" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id", "office") REFERENCES "office" ("speaker_id", "id") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "statement_speaker_owner_id_speaker_id" ON "statement_speaker" ("owner_id", "speaker_id");
CREATE INDEX "statement_speaker_speaker_id_filed_act" ON "statement_speaker" ("speaker_id", "filed", "act");

CREATE TABLE "speaker_on_agreement" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "filed" INTEGER NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    "agreement_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("agreement_id") REFERENCES "agreement" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "speaker_on_agreement_agreement_id" ON "speaker_on_agreement" ("agreement_id");
CREATE UNIQUE INDEX "speaker_on_agreement_owner_id_speaker_id_agreement_id" ON "speaker_on_agreement" ("owner_id", "speaker_id", "agreement_id");
CREATE INDEX "speaker_on_agreement_speaker_id_agreement_id_filed" ON "speaker_on_agreement" ("speaker_id", "agreement_id", "filed");

CREATE TABLE "on_behalf_of" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "filed" INTEGER NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "on_behalf_of_owner_id_speaker_id" ON "on_behalf_of" ("owner_id", "speaker_id");
CREATE INDEX "on_behalf_of_speaker_id_filed" ON "on_behalf_of" ("speaker_id", "filed");

CREATE TABLE "addressee" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "filed" INTEGER NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "addressee_owner_id_speaker_id" ON "addressee" ("owner_id", "speaker_id");
CREATE INDEX "addressee_speaker_id_filed" ON "addressee" ("speaker_id", "filed");

CREATE TABLE "target" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "filed" INTEGER NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "target_owner_id_speaker_id" ON "target" ("owner_id", "speaker_id");
CREATE INDEX "target_speaker_id_filed" ON "target" ("speaker_id", "filed");

CREATE TABLE "agreement_reference" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "filed" INTEGER NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "agreement_id" INTEGER NOT NULL,
    "relation" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "provision" INTEGER,
    "label" TEXT,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("agreement_id") REFERENCES "agreement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("agreement_id", "provision") REFERENCES "provision" ("owner_id", "point") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "agreement_reference_owner_id_agreement_id_relation_provision" ON "agreement_reference" ("owner_id", "agreement_id", "relation", "provision");
CREATE INDEX "agreement_reference_agreement_id_filed" ON "agreement_reference" ("agreement_id", "filed");
CREATE INDEX "agreement_reference_relation_filed" ON "agreement_reference" ("relation", "filed");
CREATE INDEX "agreement_reference_provision_filed" ON "agreement_reference" ("provision", "filed");
CREATE UNIQUE INDEX "agreement_reference_owner_id_agreement_id_relation" ON "agreement_reference" ("owner_id", "agreement_id", "relation") WHERE ("provision" IS NULL);

CREATE TABLE "event_reference" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "filed" INTEGER NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "event_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("event_id") REFERENCES "event" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "event_reference_owner_id_event_id" ON "event_reference" ("owner_id", "event_id");
CREATE INDEX "event_reference_event_id_filed" ON "event_reference" ("event_id", "filed");

CREATE TABLE "statement_topic" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "filed" INTEGER NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "topic" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "statement_topic_owner_id_topic" ON "statement_topic" ("owner_id", "topic");
CREATE INDEX "statement_topic_topic_filed" ON "statement_topic" ("topic", "filed");

CREATE TABLE "statement_place" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "filed" INTEGER NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "place_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("place_id") REFERENCES "place" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "statement_place_owner_id_place_id" ON "statement_place" ("owner_id", "place_id");
CREATE INDEX "statement_place_place_id_filed" ON "statement_place" ("place_id", "filed");

CREATE TABLE "figure" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "filed" INTEGER NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "measure" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "value" REAL NOT NULL,
    "unit" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "bound" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "claimant_id" INTEGER NOT NULL,
    "party_id" INTEGER,
    "period" TEXT,
    "event_id" INTEGER,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("claimant_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("party_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("event_id") REFERENCES "event" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (value >= 0)
);
CREATE INDEX "figure_owner_id" ON "figure" ("owner_id");
CREATE INDEX "figure_event_id" ON "figure" ("event_id");
CREATE INDEX "figure_measure_filed" ON "figure" ("measure", "filed");
CREATE INDEX "figure_claimant_id_filed" ON "figure" ("claimant_id", "filed");
CREATE INDEX "figure_party_id_filed" ON "figure" ("party_id", "filed");

CREATE TABLE "statement_link" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "relation" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "statement_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("statement_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (owner_id <> statement_id)
);
CREATE INDEX "statement_link_statement_id" ON "statement_link" ("statement_id");
CREATE UNIQUE INDEX "statement_link_owner_id_statement_id_relation" ON "statement_link" ("owner_id", "statement_id", "relation");

CREATE TABLE "report" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "filed" INTEGER NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "article_id" INTEGER NOT NULL,
    "publisher_id" INTEGER,
    "mode" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "label" TEXT,
    "first_hand" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("article_id") REFERENCES "article" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("publisher_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "report_owner_id_article_id" ON "report" ("owner_id", "article_id");
CREATE INDEX "report_article_id_filed" ON "report" ("article_id", "filed");
CREATE INDEX "report_publisher_id_filed" ON "report" ("publisher_id", "filed");
CREATE INDEX "report_mode_filed" ON "report" ("mode", "filed");
CREATE INDEX "report_first_hand_filed" ON "report" ("first_hand", "filed");

CREATE TABLE "chain_link" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "filed" INTEGER NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "agent_id" INTEGER NOT NULL,
    "role" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("owner_id") REFERENCES "report" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("agent_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (position >= 0)
);
CREATE UNIQUE INDEX "chain_link_owner_id_position" ON "chain_link" ("owner_id", "position");
CREATE UNIQUE INDEX "chain_link_owner_id_agent_id" ON "chain_link" ("owner_id", "agent_id");
CREATE INDEX "chain_link_agent_id_filed" ON "chain_link" ("agent_id", "filed");

CREATE TABLE "attribution" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "filed" INTEGER NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    "first_hand" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "report" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "attribution_owner_id_speaker_id" ON "attribution" ("owner_id", "speaker_id");
CREATE INDEX "attribution_speaker_id_filed" ON "attribution" ("speaker_id", "filed");

CREATE TABLE "evidence" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "report" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK ("start" >= 0),
    CHECK ("start" < "end"),
    CHECK (length(sha256) = 64)
);
CREATE UNIQUE INDEX "evidence_owner_id_start_end" ON "evidence" ("owner_id", "start", "end");

CREATE VIRTUAL TABLE "vocabularies_text" USING fts5(tokens, tokenize = "ascii");
CREATE VIRTUAL TABLE "speakers_text" USING fts5(tokens, tokenize = "ascii");
CREATE VIRTUAL TABLE "places_text" USING fts5(tokens, tokenize = "ascii");
CREATE VIRTUAL TABLE "events_text" USING fts5(tokens, tokenize = "ascii");
CREATE VIRTUAL TABLE "agreements_text" USING fts5(tokens, tokenize = "ascii");
CREATE VIRTUAL TABLE "communiques_text" USING fts5(tokens, tokenize = "ascii");
CREATE VIRTUAL TABLE "articles_text" USING fts5(tokens, tokenize = "ascii");
CREATE VIRTUAL TABLE "statements_text" USING fts5(tokens, tokenize = "ascii");
