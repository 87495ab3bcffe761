CREATE TABLE "vocabulary" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "id" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "document" BLOB NOT NULL,
    "etag" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "updated_at" TEXT NOT NULL,
    "version" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "vocabulary_id" ON "vocabulary" ("id");
CREATE INDEX "vocabulary_updated_at_number" ON "vocabulary" ("updated_at", "number");

CREATE TABLE "term" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "vocabulary_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "label" TEXT NOT NULL,
    FOREIGN KEY ("vocabulary_id") REFERENCES "vocabulary" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "term_vocabulary_id_position" ON "term" ("vocabulary_id", "position");

CREATE TABLE "speaker" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "id" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "document" BLOB NOT NULL,
    "etag" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "updated_at" TEXT NOT NULL,
    "kind" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "part_of_id" INTEGER,
    FOREIGN KEY ("part_of_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (part_of_id <> number)
);
CREATE UNIQUE INDEX "speaker_id" ON "speaker" ("id");
CREATE INDEX "speaker_kind" ON "speaker" ("kind");
CREATE INDEX "speaker_part_of_id" ON "speaker" ("part_of_id");
CREATE INDEX "speaker_updated_at_number" ON "speaker" ("updated_at", "number");

CREATE TABLE "speaker_alias" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "script" TEXT,
    "kind" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "owner_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "speaker_alias_owner_id_value_lang" ON "speaker_alias" ("owner_id", "value", "lang");

CREATE TABLE "speaker_identifier" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "scheme" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "owner_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "speaker_identifier_owner_id" ON "speaker_identifier" ("owner_id");
CREATE UNIQUE INDEX "speaker_identifier_scheme_value" ON "speaker_identifier" ("scheme", "value");

CREATE TABLE "office" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "speaker_id" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "organization_id" INTEGER,
    "earliest" TEXT NOT NULL,
    "latest" TEXT NOT NULL,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("organization_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (earliest <= latest),
    UNIQUE ("speaker_id", "id")
);
CREATE INDEX "office_organization_id" ON "office" ("organization_id");
CREATE INDEX "office_earliest_latest" ON "office" ("earliest", "latest");

CREATE TABLE "place" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "id" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "document" BLOB NOT NULL,
    "etag" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "updated_at" TEXT NOT NULL,
    "kind" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "part_of_id" INTEGER,
    "iso_3166" TEXT,
    "latitude" REAL,
    "longitude" REAL,
    FOREIGN KEY ("part_of_id") REFERENCES "place" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (part_of_id <> number),
    CHECK (latitude BETWEEN -90 AND 90),
    CHECK (longitude BETWEEN -180 AND 180),
    CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE UNIQUE INDEX "place_id" ON "place" ("id");
CREATE INDEX "place_kind" ON "place" ("kind");
CREATE INDEX "place_part_of_id" ON "place" ("part_of_id");
CREATE INDEX "place_iso_3166" ON "place" ("iso_3166");
CREATE INDEX "place_updated_at_number" ON "place" ("updated_at", "number");

CREATE TABLE "place_alias" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "script" TEXT,
    "kind" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "owner_id" INTEGER NOT NULL,
    "used_by_id" INTEGER,
    FOREIGN KEY ("owner_id") REFERENCES "place" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("used_by_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "place_alias_used_by_id" ON "place_alias" ("used_by_id");
CREATE UNIQUE INDEX "place_alias_owner_id_value_lang" ON "place_alias" ("owner_id", "value", "lang");

CREATE TABLE "place_identifier" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "scheme" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "owner_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "place" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "place_identifier_owner_id" ON "place_identifier" ("owner_id");
CREATE UNIQUE INDEX "place_identifier_scheme_value" ON "place_identifier" ("scheme", "value");

CREATE TABLE "event" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "id" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "document" BLOB NOT NULL,
    "etag" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "updated_at" TEXT NOT NULL,
    "date" TEXT NOT NULL,
    "date_earliest" TEXT NOT NULL,
    "date_latest" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "kind" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "date_basis" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "place_id" INTEGER,
    FOREIGN KEY ("place_id") REFERENCES "place" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (length(date_earliest) = 10),
    CHECK (length(date_latest) = 10),
    CHECK (date_earliest <= date_latest),
    CHECK (day = date_earliest OR day = date_latest)
);
CREATE UNIQUE INDEX "event_id" ON "event" ("id");
CREATE INDEX "event_kind" ON "event" ("kind");
CREATE INDEX "event_place_id" ON "event" ("place_id");
CREATE INDEX "event_day_number" ON "event" ("day", "number");
CREATE INDEX "event_updated_at_number" ON "event" ("updated_at", "number");

CREATE TABLE "event_alias" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "script" TEXT,
    "kind" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "owner_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "event" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "event_alias_owner_id_value_lang" ON "event_alias" ("owner_id", "value", "lang");

CREATE TABLE "event_identifier" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "scheme" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "owner_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "event" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "event_identifier_owner_id" ON "event_identifier" ("owner_id");
CREATE UNIQUE INDEX "event_identifier_scheme_value" ON "event_identifier" ("scheme", "value");

CREATE TABLE "participant" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    "office" TEXT,
    "role" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("owner_id") REFERENCES "event" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id", "office") REFERENCES "office" ("speaker_id", "id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "participant_speaker_id" ON "participant" ("speaker_id");
CREATE UNIQUE INDEX "participant_owner_id_speaker_id_role" ON "participant" ("owner_id", "speaker_id", "role");

CREATE TABLE "agreement" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "id" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "document" BLOB NOT NULL,
    "etag" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "updated_at" TEXT NOT NULL,
    "kind" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "status" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "date_earliest" TEXT NOT NULL,
    "date_latest" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    CHECK (length(date_earliest) = 10),
    CHECK (length(date_latest) = 10),
    CHECK (date_earliest <= date_latest),
    CHECK (day = date_earliest OR day = date_latest)
);
CREATE UNIQUE INDEX "agreement_id" ON "agreement" ("id");
CREATE INDEX "agreement_kind" ON "agreement" ("kind");
CREATE INDEX "agreement_status" ON "agreement" ("status");
CREATE INDEX "agreement_day_number" ON "agreement" ("day", "number");
CREATE INDEX "agreement_updated_at_number" ON "agreement" ("updated_at", "number");

CREATE TABLE "agreement_alias" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "script" TEXT,
    "kind" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "owner_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "agreement" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "agreement_alias_owner_id_value_lang" ON "agreement_alias" ("owner_id", "value", "lang");

CREATE TABLE "agreement_identifier" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "scheme" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "owner_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "agreement" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "agreement_identifier_owner_id" ON "agreement_identifier" ("owner_id");
CREATE UNIQUE INDEX "agreement_identifier_scheme_value" ON "agreement_identifier" ("scheme", "value");

CREATE TABLE "milestone" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "date" TEXT NOT NULL,
    "date_earliest" TEXT NOT NULL,
    "date_latest" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "owner_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "place_id" INTEGER,
    FOREIGN KEY ("owner_id") REFERENCES "agreement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("place_id") REFERENCES "place" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (length(date_earliest) = 10),
    CHECK (length(date_latest) = 10),
    CHECK (date_earliest <= date_latest),
    CHECK (day = date_earliest OR day = date_latest)
);
CREATE INDEX "milestone_owner_id" ON "milestone" ("owner_id");
CREATE INDEX "milestone_place_id" ON "milestone" ("place_id");

CREATE TABLE "party" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "agreement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "party_speaker_id" ON "party" ("speaker_id");
CREATE UNIQUE INDEX "party_owner_id_speaker_id" ON "party" ("owner_id", "speaker_id");

CREATE TABLE "signatory" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    "office" TEXT,
    "on_behalf_of_id" INTEGER,
    FOREIGN KEY ("owner_id") REFERENCES "agreement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("on_behalf_of_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id", "office") REFERENCES "office" ("speaker_id", "id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "signatory_speaker_id" ON "signatory" ("speaker_id");
CREATE INDEX "signatory_on_behalf_of_id" ON "signatory" ("on_behalf_of_id");
CREATE UNIQUE INDEX "signatory_owner_id_speaker_id" ON "signatory" ("owner_id", "speaker_id");

CREATE TABLE "mediator" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "agreement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "mediator_speaker_id" ON "mediator" ("speaker_id");
CREATE UNIQUE INDEX "mediator_owner_id_speaker_id" ON "mediator" ("owner_id", "speaker_id");

CREATE TABLE "provision" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "point" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "agreement" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (point > 0),
    UNIQUE ("owner_id", "point")
);

CREATE TABLE "agreement_relation" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "relation" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "agreement_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "agreement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("agreement_id") REFERENCES "agreement" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (owner_id <> agreement_id)
);
CREATE INDEX "agreement_relation_agreement_id" ON "agreement_relation" ("agreement_id");
CREATE UNIQUE INDEX "agreement_relation_owner_id_agreement_id_relation" ON "agreement_relation" ("owner_id", "agreement_id", "relation");

CREATE TABLE "communique" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "id" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "document" BLOB NOT NULL,
    "etag" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "updated_at" TEXT NOT NULL,
    "date" TEXT NOT NULL,
    "date_earliest" TEXT NOT NULL,
    "date_latest" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "kind" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "date_basis" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "event_id" INTEGER,
    FOREIGN KEY ("event_id") REFERENCES "event" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (length(date_earliest) = 10),
    CHECK (length(date_latest) = 10),
    CHECK (date_earliest <= date_latest),
    CHECK (day = date_earliest OR day = date_latest)
);
CREATE UNIQUE INDEX "communique_id" ON "communique" ("id");
CREATE INDEX "communique_kind" ON "communique" ("kind");
CREATE INDEX "communique_event_id" ON "communique" ("event_id");
CREATE INDEX "communique_day_number" ON "communique" ("day", "number");
CREATE INDEX "communique_updated_at_number" ON "communique" ("updated_at", "number");

CREATE TABLE "issuer" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "communique" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "issuer_speaker_id" ON "issuer" ("speaker_id");
CREATE UNIQUE INDEX "issuer_owner_id_speaker_id" ON "issuer" ("owner_id", "speaker_id");

CREATE TABLE "article" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "id" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "document" BLOB NOT NULL,
    "etag" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "updated_at" TEXT NOT NULL,
    "date" TEXT NOT NULL,
    "date_earliest" TEXT NOT NULL,
    "date_latest" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "publisher_id" INTEGER,
    "language" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "length" INTEGER NOT NULL,
    FOREIGN KEY ("publisher_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (length(date_earliest) = 10),
    CHECK (length(date_latest) = 10),
    CHECK (date_earliest <= date_latest),
    CHECK (day = date_earliest OR day = date_latest),
    CHECK (length > 0),
    CHECK (length(sha256) = 64)
);
CREATE UNIQUE INDEX "article_id" ON "article" ("id");
CREATE INDEX "article_publisher_id" ON "article" ("publisher_id");
CREATE INDEX "article_language" ON "article" ("language");
CREATE UNIQUE INDEX "article_sha256" ON "article" ("sha256");
CREATE INDEX "article_day_number" ON "article" ("day", "number");
CREATE INDEX "article_updated_at_number" ON "article" ("updated_at", "number");

CREATE TABLE "credit" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "agency_id" INTEGER NOT NULL,
    "role" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("owner_id") REFERENCES "article" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("agency_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "credit_agency_id" ON "credit" ("agency_id");
CREATE UNIQUE INDEX "credit_owner_id_agency_id_role" ON "credit" ("owner_id", "agency_id", "role");

CREATE TABLE "statement" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "id" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "document" BLOB NOT NULL,
    "etag" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "updated_at" TEXT NOT NULL,
    "date" TEXT NOT NULL,
    "date_earliest" TEXT NOT NULL,
    "date_latest" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "act" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "date_basis" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "communique_id" INTEGER,
    "event_id" INTEGER,
    FOREIGN KEY ("communique_id") REFERENCES "communique" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("event_id") REFERENCES "event" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (length(date_earliest) = 10),
    CHECK (length(date_latest) = 10),
    CHECK (date_earliest <= date_latest),
    CHECK (day = date_earliest OR day = date_latest)
);
CREATE UNIQUE INDEX "statement_id" ON "statement" ("id");
CREATE INDEX "statement_act" ON "statement" ("act");
CREATE INDEX "statement_communique_id" ON "statement" ("communique_id");
CREATE INDEX "statement_event_id" ON "statement" ("event_id");
CREATE INDEX "statement_day_number" ON "statement" ("day", "number");
CREATE INDEX "statement_updated_at_number" ON "statement" ("updated_at", "number");

CREATE TABLE "statement_speaker" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    "office" TEXT,
    "capacity" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id", "office") REFERENCES "office" ("speaker_id", "id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "statement_speaker_speaker_id" ON "statement_speaker" ("speaker_id");
CREATE UNIQUE INDEX "statement_speaker_owner_id_speaker_id" ON "statement_speaker" ("owner_id", "speaker_id");

CREATE TABLE "on_behalf_of" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "on_behalf_of_speaker_id" ON "on_behalf_of" ("speaker_id");
CREATE UNIQUE INDEX "on_behalf_of_owner_id_speaker_id" ON "on_behalf_of" ("owner_id", "speaker_id");

CREATE TABLE "addressee" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "addressee_speaker_id" ON "addressee" ("speaker_id");
CREATE UNIQUE INDEX "addressee_owner_id_speaker_id" ON "addressee" ("owner_id", "speaker_id");

CREATE TABLE "target" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "target_speaker_id" ON "target" ("speaker_id");
CREATE UNIQUE INDEX "target_owner_id_speaker_id" ON "target" ("owner_id", "speaker_id");

CREATE TABLE "agreement_reference" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "agreement_id" INTEGER NOT NULL,
    "relation" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "provision" INTEGER,
    "label" TEXT,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("agreement_id") REFERENCES "agreement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("agreement_id", "provision") REFERENCES "provision" ("owner_id", "point") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "agreement_reference_agreement_id" ON "agreement_reference" ("agreement_id");
CREATE INDEX "agreement_reference_relation" ON "agreement_reference" ("relation");
CREATE UNIQUE INDEX "agreement_reference_owner_id_agreement_id_relation_provision" ON "agreement_reference" ("owner_id", "agreement_id", "relation", "provision");
CREATE UNIQUE INDEX "agreement_reference_owner_id_agreement_id_relation" ON "agreement_reference" ("owner_id", "agreement_id", "relation") WHERE ("provision" IS NULL);

CREATE TABLE "event_reference" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "event_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("event_id") REFERENCES "event" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "event_reference_event_id" ON "event_reference" ("event_id");
CREATE UNIQUE INDEX "event_reference_owner_id_event_id" ON "event_reference" ("owner_id", "event_id");

CREATE TABLE "statement_topic" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "topic" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "statement_topic_topic" ON "statement_topic" ("topic");
CREATE UNIQUE INDEX "statement_topic_owner_id_topic" ON "statement_topic" ("owner_id", "topic");

CREATE TABLE "statement_place" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "place_id" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("place_id") REFERENCES "place" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "statement_place_place_id" ON "statement_place" ("place_id");
CREATE UNIQUE INDEX "statement_place_owner_id_place_id" ON "statement_place" ("owner_id", "place_id");

CREATE TABLE "figure" (
    "number" INTEGER NOT NULL PRIMARY KEY,
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
CREATE INDEX "figure_measure" ON "figure" ("measure");
CREATE INDEX "figure_claimant_id" ON "figure" ("claimant_id");
CREATE INDEX "figure_party_id" ON "figure" ("party_id");
CREATE INDEX "figure_event_id" ON "figure" ("event_id");

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
    "owner_id" INTEGER NOT NULL,
    "article_id" INTEGER NOT NULL,
    "mode" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "label" TEXT,
    "first_hand" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "statement" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("article_id") REFERENCES "article" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "report_article_id" ON "report" ("article_id");
CREATE INDEX "report_mode" ON "report" ("mode");
CREATE UNIQUE INDEX "report_owner_id_article_id" ON "report" ("owner_id", "article_id");

CREATE TABLE "chain_link" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "agent_id" INTEGER NOT NULL,
    "role" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("owner_id") REFERENCES "report" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("agent_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (position >= 0)
);
CREATE INDEX "chain_link_agent_id" ON "chain_link" ("agent_id");
CREATE UNIQUE INDEX "chain_link_owner_id_position" ON "chain_link" ("owner_id", "position");
CREATE UNIQUE INDEX "chain_link_owner_id_agent_id" ON "chain_link" ("owner_id", "agent_id");

CREATE TABLE "attribution" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "speaker_id" INTEGER NOT NULL,
    "first_hand" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "report" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("speaker_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "attribution_speaker_id" ON "attribution" ("speaker_id");
CREATE UNIQUE INDEX "attribution_owner_id_speaker_id" ON "attribution" ("owner_id", "speaker_id");

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
