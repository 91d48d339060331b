// The texts of this page. Its English is part of it.

import { usePageText } from "../../text";
import { doctor } from "../../text/en/pages/doctor";

export function useDoctorText(): typeof doctor {
  return usePageText("doctor", doctor);
}
