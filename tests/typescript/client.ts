// A reader's page as its developer would write it, with types that nobody has touched by hand.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Card = components["schemas"]["TimelineCard"];
type Block = components["schemas"]["ArticleOut"]["body"][number];

const dateline = createClient<paths>({ baseUrl: process.argv[2] ?? "https://api.newsroom.example" });

function line(card: Card): string {
  return `${card.local.time} ${card.headline}`;
}

function words(block: Block): string {
  switch (block.type) {
    case "paragraph":
    case "heading":
    case "quote":
      return block.html;
    case "list":
      return block.items.join(" ");
    case "image":
      return block.alt ?? "";
    default:
      return "";
  }
}

async function latest(tz: string): Promise<string[]> {
  const { data, error } = await dateline.GET("/v1/timeline", { params: { query: { tz, limit: 5 } } });
  if (error) throw new Error(`${error.status} ${error.title}`);
  const newer: string = data.links.newer;
  return newer ? data.data.map(line) : [];
}

async function read(ref: string): Promise<string> {
  const { data, error } = await dateline.GET("/v1/articles/{ref}", {
    params: { path: { ref }, query: { include: "related,timeline" } },
  });
  if (error) throw new Error(error.detail ?? error.title);
  const { headline, section, image, contributors, body } = data.data;
  const also: string[] = (data.included?.related ?? []).map((entry) => entry.article.headline);
  const told: string[] = [headline, section?.name ?? "", image?.alt ?? "", ...contributors.map((one) => one.name)];
  return [...told, ...body.map(words), ...also].join("\n");
}

async function publish(key: string): Promise<string> {
  const { data, error } = await dateline.PUT("/v1/newsroom/articles/{ref}", {
    params: { path: { ref: "wire-123" }, query: { publish: true } },
    headers: { Authorization: `Bearer ${key}` },
    body: { language: "en", headline: "Harbour reopens", body_text: "At last.", tags: [{ name: "Ports", kind: "topic" }] },
  });
  if (error) throw new Error(error.errors?.[0]?.detail ?? error.title);
  return data.data.public?.slug ?? data.data.state;
}

const slug = await publish(process.argv[3] ?? "");
const page = await read(slug);
console.log(JSON.stringify({ slug, headline: page.split("\n")[0], latest: await latest("Africa/Casablanca") }));
