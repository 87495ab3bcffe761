CREATE TABLE "reading" (
    "number" SERIAL NOT NULL PRIMARY KEY,
    "id" TEXT COLLATE "C" NOT NULL,
    "label" TEXT COLLATE "C" NOT NULL,
    "document" BYTEA NOT NULL,
    "etag" TEXT COLLATE "C" NOT NULL,
    "created_at" TEXT COLLATE "C" NOT NULL,
    "updated_at" TEXT COLLATE "C" NOT NULL,
    "date" TEXT COLLATE "C" NOT NULL,
    "date_earliest" TEXT COLLATE "C" NOT NULL,
    "date_latest" TEXT COLLATE "C" NOT NULL,
    "sort_day" TEXT COLLATE "C" NOT NULL,
    "sort_key" BIGINT,
    "article_id" INTEGER,
    "publisher_id" INTEGER,
    "extent" TEXT COLLATE "C" NOT NULL REFERENCES "term" ("key") DEFERRABLE INITIALLY DEFERRED,
    "guide" TEXT COLLATE "C" NOT NULL,
    "period_earliest" TEXT COLLATE "C",
    "period_latest" TEXT COLLATE "C",
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
CREATE TABLE "readings_text" (
    "key" BIGINT NOT NULL PRIMARY KEY REFERENCES "reading" ("sort_key") DEFERRABLE INITIALLY DEFERRED,
    "tokens" tsvector NOT NULL
);
CREATE INDEX "readings_text_tokens" ON "readings_text" USING gin ("tokens");
