ALTER TABLE "figure" ADD COLUMN "period_earliest" TEXT;
ALTER TABLE "figure" ADD COLUMN "period_latest" TEXT;
CREATE INDEX "figure_sort_key" ON "figure" ("sort_key");
CREATE INDEX "figure_measure_unit_party_id" ON "figure" ("measure", "unit", "party_id");
CREATE INDEX "statement_link_relation_owner_id" ON "statement_link" ("relation", "owner_id");
