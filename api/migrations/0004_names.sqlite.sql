CREATE TABLE "named_record" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "noun" TEXT NOT NULL,
    "record" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "statements" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "named_record_noun_record" ON "named_record" ("noun", "record");
CREATE INDEX "named_record_most_frequent" ON "named_record" ("statements" DESC, "id", "noun");

CREATE TABLE "name" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "value" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "proper" INTEGER NOT NULL,
    "phrase" TEXT NOT NULL,
    "skeleton" TEXT NOT NULL,
    "first" TEXT NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "named_record" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX "name_first" ON "name" ("first");
CREATE UNIQUE INDEX "name_owner_id_position" ON "name" ("owner_id", "position");
CREATE UNIQUE INDEX "name_owner_id_phrase" ON "name" ("owner_id", "phrase");

CREATE TABLE "name_start" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "owner_id" INTEGER NOT NULL,
    "start" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    FOREIGN KEY ("owner_id") REFERENCES "named_record" ("number") DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX "name_start_owner_id_start_position" ON "name_start" ("owner_id", "start", "position");
CREATE INDEX "name_start_start_owner_id_position" ON "name_start" ("start", "owner_id", "position");

CREATE TABLE "name_edition" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "stamp" TEXT NOT NULL
);
CREATE UNIQUE INDEX "name_edition_stamp" ON "name_edition" ("stamp");
