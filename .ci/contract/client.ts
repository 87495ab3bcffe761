// What a frontend developer would write against the contract. It is compiled, never run: it fails to compile when the
// contract no longer says what a client needs to know.

import createClient from "openapi-fetch";
import type { components, operations, paths } from "./generated/api.js";

type Schemas = components["schemas"];
type Statement = Schemas["Statement"];
type Whole<Record> = Required<Omit<Record, "highlights">>;
type Filters = NonNullable<operations["list_statements"]["parameters"]["query"]>;
type Facet = Schemas["CountedFacet"];
type FacetName = Schemas["FacetName"];
type Text = Schemas["Multilingual"];

const api = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: "http://127.0.0.1:8000" });

// Without `fields` every record is whole; one look at a key that is always there tells the compiler.
function isWhole(statement: Statement): statement is Whole<Statement> {
  return statement.reports !== undefined && statement.updated_at !== undefined;
}

// @ts-expect-error: with `fields` any key but the id may be missing, also those that are null when there is nothing to say
export const mayBeMissing = (article: Schemas["Article"]): string | null => article.title;

function told(text: Text | null, language = "ar"): string {
  return text?.[language] ?? text?.["en"] ?? "";
}

// What a statement says and who stands behind it: every key is there, so nothing needs `?.` but what may be null.
function line(statement: Whole<Statement>): string {
  const speakers = statement.speakers.map(({ speaker, office }) => told(speaker.name) + told(office?.title ?? null));
  const chains = statement.reports.map((report) => report.chain.map((link) => `${link.role} ${told(link.agent.name)}`));
  const dead: number = statement.figures.reduce((sum, figure) => sum + figure.value, 0);
  const day: string | null = statement.date_earliest;
  const occasion: string = told(statement.event?.name ?? null);
  const welcomed: boolean = statement.act === "welcome";
  return [day ?? "?", welcomed, speakers.join(", "), told(statement.summary), occasion, dead, chains.flat().join(" > ")].join();
}

// A problem is told by its `type`, and the compiler knows what comes with each.
type Problem =
  | components["responses"]["BadRequest"]["content"]["application/problem+json"]
  | components["responses"]["Gone"]["content"]["application/problem+json"]
  | components["responses"]["InvalidParameters"]["content"]["application/problem+json"]
  | components["responses"]["NoSuchRecord"]["content"]["application/problem+json"]
  | components["responses"]["DatabaseUnavailable"]["content"]["application/problem+json"]
  | components["responses"]["InternalError"]["content"]["application/problem+json"]
  | components["responses"]["NotAcceptable"]["content"]["application/problem+json"]
  | components["responses"]["UriTooLong"]["content"]["application/problem+json"];

function explain(problem: Problem): string {
  switch (problem.type) {
    case "urn:tasrih:problem:invalid-parameters":
      return problem.errors.map((issue) => `${issue.parameter ?? ""}: ${issue.detail}`).join("\n");
    case "urn:tasrih:problem:no-such-record":
    case "urn:tasrih:problem:not-found": {
      const status: 404 = problem.status;
      return `${status} ${problem.detail}`;
    }
    case "urn:tasrih:problem:database-unavailable":
      return `Try again later. ${problem.title}`;
    default:
      return problem.detail;
  }
}

export async function whatTheMinistrySaysGuterresSaid(): Promise<string[]> {
  const { data, error } = await api.GET("/v1/statements", {
    params: {
      query: {
        speaker: ["antonio-guterres"],
        agent: ["russian-foreign-ministry"],
        act: ["welcome", "commend"],
        first_hand: false,
        since: "2020-11",
        date_match: "certain",
        sort: "-date",
        limit: 50,
        total: "exact",
      },
    },
  });
  if (error) throw new Error(explain(error));
  const total: number = data.page.total ?? data.data.length;
  return [`${total}`, ...data.data.filter(isWhole).map(line)];
}

// @ts-expect-error: an act that no vocabulary holds
export const mistakenAct: Filters = { act: ["welcomed"] };
// @ts-expect-error: an order that no index keeps
export const mistakenOrder: Filters = { sort: "summary" };
// @ts-expect-error: a parameter that is none
export const mistakenName: Filters = { speakers: ["antonio-guterres"] };

export async function* everyStatement(query: Filters): AsyncGenerator<Whole<Statement>> {
  for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
    const asked: Filters = cursor === null ? query : { ...query, cursor };
    const { data, error } = await api.GET("/v1/statements", { params: { query: asked } });
    if (error) throw new Error(explain(error));
    yield* data.data.filter(isWhole);
    const next: string | null = data.page.next;
    cursor = next === null ? null : new URL(next).searchParams.get("cursor");
  }
}

export async function titlesOnly(): Promise<string[]> {
  const { data } = await api.GET("/v1/statements", {
    params: { query: { fields: ["id", "summary"], limit: 200 } },
  });
  return (data?.data ?? []).map((statement) => told(statement.summary ?? null) || statement.id);
}

type Counted = NonNullable<operations["count_statements"]["parameters"]["query"]>;

export async function menu(query: Omit<Counted, "facet">): Promise<Map<FacetName, string[]>> {
  const { data, error } = await api.GET("/v1/statements/facets", {
    params: { query: { ...query, facet: ["act", "year"] } },
  });
  if (error) throw new Error(explain(error));
  return new Map(data.data.map((facet: Facet) => [facet.facet, facet.values.map(entry)]));
}

function entry({ value, name, count }: Facet["values"][number]): string {
  return `${name === null ? value : told(name)} (${count})`;
}

export async function partiesOfWhatItRefersTo(id: string): Promise<string[]> {
  const { data, error, response } = await api.GET("/v1/statements/{id}", {
    params: { path: { id }, query: { expand: ["agreements"] } },
    headers: { "If-None-Match": '"seen-before"' },
  });
  if (response.status === 304) return [];
  if (error) throw new Error(explain(error));
  if (!isWhole(data)) return [];
  return data.agreements.flatMap(({ agreement, relation }) =>
    agreement.parties?.map((party) => `${relation} ${told(party.name)}`) ?? [agreement.id],
  );
}

export async function holdersOfOffice(day: string): Promise<string[]> {
  const { data } = await api.GET("/v1/speakers", { params: { query: { office_on: day, kind: ["person"] } } });
  return (data?.data ?? []).flatMap((speaker) => speaker.offices ?? []).map((office) => office.from ?? office.id);
}

// What may be left out of a body is not asked for by its type.
export async function addPlace(token: string): Promise<string> {
  const body: Schemas["PlaceBody"] = { id: "gyumri", name: { en: "Gyumri", ar: "غيومري" }, kind: "city" };
  const { data, error } = await api.PUT("/v1/places/{id}", {
    params: { path: { id: "gyumri" }, header: { "If-None-Match": "*" } },
    headers: { Authorization: `Bearer ${token}` },
    body,
  });
  if (error) throw new Error(error.detail);
  return data.id;
}
