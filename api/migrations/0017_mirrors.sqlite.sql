CREATE TABLE "mirror" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "source" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "since" INTEGER NOT NULL,
    "seen" INTEGER NOT NULL,
    "is_whole" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "mirror_source" ON "mirror" ("source");
CREATE TABLE "arrival" (
    "sequence" INTEGER NOT NULL PRIMARY KEY,
    "record_type" TEXT NOT NULL,
    "record_id" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "revision" INTEGER,
    "recorded_at" TEXT NOT NULL,
    "recorded_by" TEXT NOT NULL,
    "merged_into" TEXT,
    "etag" TEXT,
    "began" INTEGER NOT NULL,
    "own_sequence" INTEGER,
    "own_operation" TEXT,
    "own_revision" INTEGER,
    "own_recorded_at" TEXT,
    "own_recorded_by" TEXT,
    "own_etag" TEXT,
    "own_document" BLOB,
    "document" BLOB
);
CREATE UNIQUE INDEX "arrival_record_type_record_id" ON "arrival" ("record_type", "record_id");
CREATE INDEX "arrival_record_type_began" ON "arrival" ("record_type", "began");
