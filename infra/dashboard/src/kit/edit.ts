// The texts of forms whose changes are saved together.

import { usePageText } from "../text";
import { edit } from "../text/en/pages/edit";

export function useEditText(): typeof edit {
  return usePageText("edit", edit);
}
