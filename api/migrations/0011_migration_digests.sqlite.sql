CREATE TABLE "migration_digest" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    CHECK (length(sha256) = 64)
);
CREATE UNIQUE INDEX "migration_digest_name" ON "migration_digest" ("name");
