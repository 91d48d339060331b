import { createClient, data, each, isFailure } from "berth-client";

const { API = "https://api.example.com", API_KEY = "" } = process.env;
const berth = createClient({ api: API, key: API_KEY, retries: 3 });
try {
  const { name } = await data(berth.GET("/workspace"));
  const members = each("members", (cursor) => berth.GET("/team/members", { params: { query: { cursor } } }));
  for await (const { email, role } of members) console.log(name, email, role);
  await berth.POST("/usage/consume", { body: { meter: "executions", amount: 1, key: "job-42" } });
} catch (error) {
  if (!isFailure(error)) throw error;
  console.error(error.code, error.detail, error.requestId);
}
