export default {
  tasrih: {
    input: "../../openapi.yaml",
    output: { target: "generated/orval/api.ts", client: "fetch", baseUrl: { runtime: "process.env.TASRIH_URL" } },
  },
};
