// The texts of this page. Their English is part of it.

import { pageText, usePageText } from "../../text";
import { account } from "../../text/en/pages/account";

export function useAccountText(): typeof account {
  return usePageText("account", account);
}

/** In the language of this moment, such as the one that was just chosen. */
export function accountText(): typeof account {
  return pageText("account", account);
}
