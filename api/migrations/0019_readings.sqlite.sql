CREATE TABLE "reading" (
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
    "sort_day" TEXT NOT NULL,
    "sort_key" INTEGER,
    "article_id" INTEGER,
    "publisher_id" INTEGER,
    "extent" TEXT NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "guide" TEXT NOT NULL,
    "period_earliest" TEXT,
    "period_latest" TEXT,
    FOREIGN KEY ("article_id") REFERENCES "article" ("number") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("publisher_id") REFERENCES "speaker" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (length(date_earliest) = 10),
    CHECK (length(date_latest) = 10),
    CHECK (date_earliest <= date_latest),
    CHECK ("sort_day" = date_earliest OR "sort_day" = date_latest),
    CHECK ((article_id IS NULL) <> (publisher_id IS NULL)),
    CHECK ((period_earliest IS NULL) = (publisher_id IS NULL)),
    CHECK ((period_latest IS NULL) = (publisher_id IS NULL))
);
CREATE UNIQUE INDEX "reading_id" ON "reading" ("id");
CREATE UNIQUE INDEX "reading_sort_key" ON "reading" ("sort_key");
CREATE INDEX "reading_article_id" ON "reading" ("article_id");
CREATE INDEX "reading_publisher_id" ON "reading" ("publisher_id");
CREATE INDEX "reading_extent" ON "reading" ("extent");
CREATE INDEX "reading_guide" ON "reading" ("guide");
CREATE INDEX "reading_updated_at_number" ON "reading" ("updated_at", "number");
CREATE VIRTUAL TABLE "readings_text" USING fts5(tokens, tokenize = "ascii");
