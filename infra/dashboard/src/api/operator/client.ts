// The client of the operator's API, with the token of the session for staff.

import { createClient, type ClientWithToken } from "berth-client";
import { staff } from "../../auth/staff";
import { config } from "../../config";
import { operatorText } from "../../text/operator";
import { noteDate } from "../client";
import { data } from "../data";
import { Failure, isFailure } from "../failure";
import { queries } from "../query";
import type { Act, Command, Letter, Message, Queue, Staff } from "./types";

/** A request that failed, in words for staff. */
class StaffFailure extends Failure {
  override get sentence(): string {
    const { problems } = operatorText();
    return (problems as Record<string, string | undefined>)[this.code] ?? super.sentence;
  }
}

interface Answer<T> {
  headers: Record<string, unknown>;
  content: { "application/json": T };
}

interface Get<T, P extends object = object> {
  get: { parameters: P; responses: { 200: Answer<T> } };
}

interface Post<B, S extends 200 | 202, P extends object = object> {
  post: { parameters: P & { header?: { "Idempotency-Key"?: string } }; requestBody: { content: { "application/json": B } }; responses: Record<S, Answer<unknown>> };
}

/** The routes, as openapi-typescript would write them. */
interface Paths {
  "/operator/session": Get<Staff>;
  "/operator/commands": Post<{ command: Command; reason?: string }, 200>;
  "/operator/letters": Get<{ letters: Letter[] }, { query: { workspace?: string; email?: string } }>;
  "/operator/queues": Get<{ queues: Queue[] }>;
  "/operator/queues/{queue}/messages": Get<{ messages: Message[] }, { path: { queue: string } }>;
  "/operator/queues/{queue}/redrive": Post<{ reason: string }, 202, { path: { queue: string } }>;
}

let made: ClientWithToken<Paths> | undefined;

function api(): ClientWithToken<Paths> {
  const session = staff();
  return (made ??= createClient<Paths>({
    api: config().api,
    token: () => session.token(),
    renew: () => session.renew(),
    lost: () => void (session.who() && session.set(undefined)),
    onAnswer: noteDate,
    failure: StaffFailure,
  }));
}

export const SESSION = ["operator", "session"];

/** The body of an answer. An answer that hides the operator's API says that the person is not staff any more. */
async function said<T>(asked: Promise<{ data?: T }>): Promise<T> {
  try {
    return await data(asked);
  } catch (error) {
    if (isFailure(error) && error.code === "route_not_found") void queries.invalidateQueries({ queryKey: SESSION });
    throw error;
  }
}

export const readSession = () => data(api().GET("/operator/session"));

export const readLetters = (query: { workspace?: string; email?: string }) => said(api().GET("/operator/letters", { params: { query } }));

export const readQueues = () => said(api().GET("/operator/queues"));

export const readMessages = (queue: string) => said(api().GET("/operator/queues/{queue}/messages", { params: { path: { queue } } }));

export const redrive = (queue: string, reason: string, key: string) =>
  said(api().POST("/operator/queues/{queue}/redrive", { params: { path: { queue }, header: { "Idempotency-Key": key } }, body: { reason } }));

/** A command that changes nothing. */
export async function ask<T>(command: Exclude<Command, Act>): Promise<T> {
  return (await said(api().POST("/operator/commands", { body: { command } }))) as T;
}

export async function act<T>(command: Act, reason: string, key: string): Promise<T> {
  return (await said(api().POST("/operator/commands", { params: { header: { "Idempotency-Key": key } }, body: { command, reason } }))) as T;
}
