/** The commands by which a program's run comes here, with this server's address and a token in them. */

export interface ConnectSnippet {
  id: string;
  title: string;
  /** Why one would take this way. */
  note: string;
  /** As it is to be pasted. */
  code: string;
}

export interface ConnectTarget {
  /** Of the server, with the path that it stands under; without a slash at its end. */
  address: string;
  /** Of the server and its Python package. */
  version: string;
  /** Undefined where nobody needs one. */
  token: string | undefined;
}

/** Stands for a token that is not made yet. */
export const TOKEN_PLACE = 'TOKEN';

export function connectSnippets({ address, version, token }: ConnectTarget): ConnectSnippet[] {
  const secret = token === undefined ? '' : ` PENTACHORON_TOKEN=${token}`;
  const exported = token === undefined ? '' : `\nexport PENTACHORON_TOKEN=${token}`;
  return [
    {
      id: 'install',
      title: 'Install, once',
      note: 'Python 3.9 or newer; it needs no other package.',
      code: `pip install ${address}/python/pentachoron-${version}-py3-none-any.whl`,
    },
    {
      id: 'script',
      title: 'Any training script, unchanged',
      note: 'Its own flags follow its name. What it logs, prints and trains comes here, live.',
      code: `PENTACHORON_URL=${address}${secret} python -m pentachoron train.py`,
    },
    {
      id: 'python',
      title: 'Or two lines in it',
      note: `With the address in its environment:\nexport PENTACHORON_URL=${address}${exported}`,
      code: `import pentachoron
run = pentachoron.init(project="my project", config={"lr": 0.001})
run.log({"loss": 0.3, "val/acc": 0.9}, step=7)
run.finish()`,
    },
    {
      id: 'http',
      title: 'Or any language, over HTTP',
      note: 'Each run has a token of its own.',
      code: curl(address, token),
    },
  ];
}

/** In POSIX sh, without anything but curl and sed. */
function curl(address: string, token: string | undefined): string {
  const bearer = token === undefined ? '' : ` -H 'Authorization: Bearer ${token}'`;
  return `api=${address}/api/runs json='Content-Type: application/json'
run=$(curl -s $api${bearer} -H "$json" -d '{"name": "from curl", "project": "my project"}')
id=$(echo "$run" | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')
auth="Authorization: Bearer $(echo "$run" | sed 's/.*"ingestToken":"\\([^"]*\\)".*/\\1/')"
at=$(date +%s)000
curl -s $api/$id/frames -H "$auth" -H "$json" -d "[
  {\\"seq\\": 0, \\"step\\": 0, \\"at\\": $at, \\"values\\": {\\"loss\\": 0.9}},
  {\\"seq\\": 1, \\"step\\": 1, \\"at\\": $at, \\"values\\": {\\"loss\\": 0.5}}]"
curl -s $api/$id/state -H "$auth" -H "$json" -d "{\\"seq\\": 0, \\"status\\": \\"completed\\", \\"at\\": $at}"`;
}

/** Of the page without its state: where the server stands, under whatever path. @param page `document.baseURI` */
export function serverOf(page: string): string {
  return new URL('.', page).href.replace(/\/$/, '');
}
