CREATE TABLE "token" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "public_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "scopes" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    "expires_at" TEXT,
    "revoked_at" TEXT,
    "last_used_at" TEXT,
    CHECK (length(sha256) = 64)
);
CREATE UNIQUE INDEX "token_public_id" ON "token" ("public_id");
CREATE UNIQUE INDEX "token_name" ON "token" ("name");

CREATE TABLE "idempotency" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "token_id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "claim" TEXT NOT NULL,
    "claimed_at" TEXT NOT NULL,
    "status" INTEGER,
    "headers" TEXT,
    "body" BLOB,
    FOREIGN KEY ("token_id") REFERENCES "token" ("number") DEFERRABLE INITIALLY DEFERRED,
    CHECK (length(fingerprint) = 64)
);
CREATE UNIQUE INDEX "idempotency_token_id_key" ON "idempotency" ("token_id", "key");
CREATE INDEX "idempotency_claimed_at" ON "idempotency" ("claimed_at");
