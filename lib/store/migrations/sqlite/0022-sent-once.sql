-- Actions that were sent with a key, so that sending one twice does it once.
create table sent_once (
  -- Of the person and their key.
  key text primary key,
  -- Of what was sent: another input under the same key is a mistake.
  input text not null,
  sent_at integer not null,
  -- The answer, encrypted, as it may hold a token; null while the action runs.
  answer text
);
create index sent_once_by_age on sent_once (sent_at);
