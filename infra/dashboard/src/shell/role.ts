import { useQuery } from "@tanstack/react-query";
import type { Role } from "../api/types";
import { accessQuery } from "./access";

/** The person's role in a workspace; nothing until it is known. */
export function useRole(workspace: string): Role | undefined {
  return (useQuery(accessQuery(workspace)).data as { role?: Role } | undefined)?.role;
}
