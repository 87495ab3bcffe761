CREATE TABLE "mirror" (
    "number" SERIAL NOT NULL PRIMARY KEY,
    "source" TEXT COLLATE "C" NOT NULL,
    "position" BIGINT NOT NULL,
    "since" BIGINT NOT NULL,
    "seen" BIGINT NOT NULL,
    "is_whole" BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX "mirror_source" ON "mirror" ("source");
CREATE TABLE "arrival" (
    "sequence" BIGINT NOT NULL PRIMARY KEY,
    "record_type" TEXT COLLATE "C" NOT NULL,
    "record_id" TEXT COLLATE "C" NOT NULL,
    "operation" TEXT COLLATE "C" NOT NULL,
    "revision" INTEGER,
    "recorded_at" TEXT COLLATE "C" NOT NULL,
    "recorded_by" TEXT COLLATE "C" NOT NULL,
    "merged_into" TEXT COLLATE "C",
    "etag" TEXT COLLATE "C",
    "began" BIGINT NOT NULL,
    "own_sequence" BIGINT,
    "own_operation" TEXT COLLATE "C",
    "own_revision" INTEGER,
    "own_recorded_at" TEXT COLLATE "C",
    "own_recorded_by" TEXT COLLATE "C",
    "own_etag" TEXT COLLATE "C",
    "own_document" BYTEA,
    "document" BYTEA
);
CREATE UNIQUE INDEX "arrival_record_type_record_id" ON "arrival" ("record_type", "record_id");
CREATE INDEX "arrival_record_type_began" ON "arrival" ("record_type", "began");
