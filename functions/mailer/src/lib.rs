//! Sends the e-mails that the mail queue asks for.
