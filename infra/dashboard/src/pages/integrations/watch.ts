import { useQuery } from "@tanstack/react-query";
import { integrationsQuery } from "../../api/integrations/integrations";
import { of, readAgain } from "../../api/query";
import { usePaused } from "../overview/polling";

/** Health is not pushed, so it is read at this interval, in milliseconds, while somebody looks at it. */
const CALM = 15_000;

export function useIntegrations(workspace: string) {
  const { paused, resume } = usePaused();
  const query = useQuery({ ...integrationsQuery(workspace), refetchInterval: paused ? false : CALM });
  /** Ends the pause. */
  const update = () => {
    resume();
    void readAgain(of(workspace, "integrations"), of(workspace, "renewals"));
  };
  return { query, paused, update };
}
