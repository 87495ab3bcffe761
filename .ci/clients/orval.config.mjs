export default {
  tasrih: {
    input: "../../openapi.yaml",
    output: {
      target: "generated/orval/api.ts",
      client: "fetch",
      baseUrl: { runtime: "process.env.TASRIH_URL" },
      override: {
        contentType: {
          // not those of citations, feeds and linked data: else an answer is JSON or a string
          include: [
            "application/json",
            "application/merge-patch+json",
            "application/octet-stream",
            "application/problem+json",
            "application/x-ndjson",
            "text/csv; charset=utf-8",
          ],
        },
      },
    },
  },
};
