// The texts of the list. Their English is part of it.

import { usePageText } from "../../../text";
import { deliveries } from "../../../text/en/pages/deliveries";

export function useDeliveriesText(): typeof deliveries {
  return usePageText("deliveries", deliveries);
}
