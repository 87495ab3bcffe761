/** The records by the names of their collections, as the contract types them. */

import type { components, paths } from "./contract.js";

type Schemas = components["schemas"];

/** A record without `fields`: every key is there. */
type Whole<Name extends keyof Schemas, Keys extends keyof Schemas> = Schemas[Name] &
  Required<Pick<Schemas[Name], Extract<Schemas[Keys], keyof Schemas[Name]>>>;

export type Statement = Whole<"Statement", "StatementKey">;
export type Speaker = Whole<"Speaker", "SpeakerKey">;
export type Agreement = Whole<"Agreement", "AgreementKey">;
export type Communique = Whole<"Communique", "CommuniqueKey">;
export type Event = Whole<"Event", "EventKey">;
export type Place = Whole<"Place", "PlaceKey">;
export type Article = Whole<"Article", "ArticleKey">;
export type Reading = Whole<"Reading", "ReadingKey">;

/** What each collection holds, and what is sent to create, replace and change it. */
export interface Records {
  statements: { record: Statement; body: Schemas["StatementBody"]; patch: Schemas["StatementPatch"] };
  speakers: { record: Speaker; body: Schemas["SpeakerBody"]; patch: Schemas["SpeakerPatch"] };
  agreements: { record: Agreement; body: Schemas["AgreementBody"]; patch: Schemas["AgreementPatch"] };
  communiques: { record: Communique; body: Schemas["CommuniqueBody"]; patch: Schemas["CommuniquePatch"] };
  events: { record: Event; body: Schemas["EventBody"]; patch: Schemas["EventPatch"] };
  places: { record: Place; body: Schemas["PlaceBody"]; patch: Schemas["PlacePatch"] };
  articles: { record: Article; body: Schemas["ArticleBody"]; patch: Schemas["ArticlePatch"] };
  readings: { record: Reading; body: Schemas["ReadingBody"]; patch: Schemas["ReadingPatch"] };
}

export type Name = keyof Records;

/** The parameters of a collection. */
export type Filters<N extends Name> = NonNullable<paths[`/v1/${N}`]["get"]["parameters"]["query"]>;

/** A page of the feed of changes, and one of its entries. */
export type Feed = Schemas["Feed"];
export type Change = Schemas["Change"];
