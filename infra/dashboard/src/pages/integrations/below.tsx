import type { Integration } from "../../api/integrations/integrations";
import { Deliveries } from "./deliveries/deliveries";
import { Remove } from "./remove";

export { Result } from "./result";

/** The parts of the page that are loaded while people read the others. */
export function Below(props: { workspace: string; integration: Integration; zone: string; paused: boolean }) {
  const { workspace, integration } = props;
  return (
    <>
      <Deliveries {...props} />
      <Remove workspace={workspace} integration={integration} />
    </>
  );
}
