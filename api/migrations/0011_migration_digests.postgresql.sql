CREATE TABLE "migration_digest" (
    "number" SERIAL NOT NULL PRIMARY KEY,
    "name" TEXT COLLATE "C" NOT NULL,
    "sha256" TEXT COLLATE "C" NOT NULL,
    CHECK (length(sha256) = 64)
);
CREATE UNIQUE INDEX "migration_digest_name" ON "migration_digest" ("name");
