CREATE TABLE "change" (
    "sequence" BIGSERIAL NOT NULL PRIMARY KEY,
    "noun" TEXT COLLATE "C" NOT NULL,
    "record_id" TEXT COLLATE "C" NOT NULL,
    "record_number" INTEGER,
    "revision" INTEGER,
    "operation" TEXT COLLATE "C" NOT NULL,
    "recorded_at" TEXT COLLATE "C" NOT NULL,
    "recorded_by" TEXT COLLATE "C" NOT NULL,
    "etag" TEXT COLLATE "C",
    "merged_into" TEXT COLLATE "C",
    "document" BYTEA,
    CHECK (operation IN ('created', 'replaced', 'deleted', 'merged', 'rendered')),
    CHECK ((revision IS NULL) = (operation = 'rendered')),
    CHECK (document IS NOT NULL OR operation NOT IN ('created', 'replaced')),
    CHECK (document IS NULL OR operation NOT IN ('deleted', 'merged')),
    CHECK ((etag IS NULL) = (operation IN ('deleted', 'merged'))),
    CHECK ((merged_into IS NOT NULL) = (operation = 'merged'))
);
CREATE INDEX "change_recorded_at" ON "change" ("recorded_at");
CREATE UNIQUE INDEX "change_noun_record_id_revision" ON "change" ("noun", "record_id", "revision");
CREATE INDEX "change_noun_record_id_sequence" ON "change" ("noun", "record_id", "sequence");

INSERT INTO "change" ("noun", "record_id", "record_number", "revision", "operation", "recorded_at", "recorded_by", "etag", "document")
    SELECT 'vocabularies', "id", "number", 1, 'created', "updated_at", 'migration', "etag", "document" FROM "vocabulary" ORDER BY "number";
INSERT INTO "change" ("noun", "record_id", "record_number", "revision", "operation", "recorded_at", "recorded_by", "etag", "document")
    SELECT 'speakers', "id", "number", 1, 'created', "updated_at", 'migration', "etag", "document" FROM "speaker" ORDER BY "number";
INSERT INTO "change" ("noun", "record_id", "record_number", "revision", "operation", "recorded_at", "recorded_by", "etag", "document")
    SELECT 'places', "id", "number", 1, 'created', "updated_at", 'migration', "etag", "document" FROM "place" ORDER BY "number";
INSERT INTO "change" ("noun", "record_id", "record_number", "revision", "operation", "recorded_at", "recorded_by", "etag", "document")
    SELECT 'events', "id", "number", 1, 'created', "updated_at", 'migration', "etag", "document" FROM "event" ORDER BY "number";
INSERT INTO "change" ("noun", "record_id", "record_number", "revision", "operation", "recorded_at", "recorded_by", "etag", "document")
    SELECT 'agreements', "id", "number", 1, 'created', "updated_at", 'migration', "etag", "document" FROM "agreement" ORDER BY "number";
INSERT INTO "change" ("noun", "record_id", "record_number", "revision", "operation", "recorded_at", "recorded_by", "etag", "document")
    SELECT 'communiques', "id", "number", 1, 'created', "updated_at", 'migration', "etag", "document" FROM "communique" ORDER BY "number";
INSERT INTO "change" ("noun", "record_id", "record_number", "revision", "operation", "recorded_at", "recorded_by", "etag", "document")
    SELECT 'articles', "id", "number", 1, 'created', "updated_at", 'migration', "etag", "document" FROM "article" ORDER BY "number";
INSERT INTO "change" ("noun", "record_id", "record_number", "revision", "operation", "recorded_at", "recorded_by", "etag", "document")
    SELECT 'statements', "id", "number", 1, 'created', "updated_at", 'migration', "etag", "document" FROM "statement" ORDER BY "number";
