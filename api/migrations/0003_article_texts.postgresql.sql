CREATE TABLE "article_text" (
    "article_id" INTEGER NOT NULL PRIMARY KEY,
    "text" TEXT COLLATE "C" NOT NULL,
    "longest_quotation" INTEGER NOT NULL,
    "quotation_length" INTEGER NOT NULL,
    "context_length" INTEGER NOT NULL,
    FOREIGN KEY ("article_id") REFERENCES "article" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (context_length >= 0),
    CHECK (context_length <= quotation_length),
    CHECK (quotation_length <= longest_quotation)
);
