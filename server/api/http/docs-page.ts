/** The API's document as a page to read: plain HTML, so that it works offline and without a script. */
import type { OpenApiDocument } from './openapi.js';

type Operation = NonNullable<NonNullable<OpenApiDocument['paths']>[string]['get']>;

const METHODS = ['get', 'post', 'patch', 'delete'] as const;

export function docsPage({ info, paths = {}, components }: OpenApiDocument): string {
  const calls = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [callSection(method, path, operation)];
    }),
  );
  const shapes = Object.entries(components?.schemas ?? {}).map(
    ([name, schema]) => `<section id="shape-${escaped(name)}"><h3>${escaped(name)}</h3>${block(schema)}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(info.title)} API</title>
<link rel="stylesheet" href="docs.css">
</head>
<body>
<main>
<h1>${escaped(info.title)} API <small>${escaped(info.version)}</small></h1>
<p>${escaped(info.description ?? '')}</p>
<p>The same for programs: <a href="/api/openapi.json">/api/openapi.json</a></p>
<h2>Calls</h2>
${calls.join('\n')}
<h2>Shapes</h2>
${shapes.join('\n')}
</main>
</body>
</html>
`;
}

function callSection(method: string, path: string, operation: Operation): string {
  const { summary = '', parameters = [], requestBody, responses = {} } = operation;
  const inputs = parameters.map((parameter) =>
    'name' in parameter
      ? `<li><code>${escaped(parameter.name)}</code> in ${parameter.in} ${shape(parameter.schema)}</li>`
      : '',
  );
  const body =
    requestBody && 'content' in requestBody
      ? `<li>body${requestBody.required ? '' : ' (may be left out)'} ${shape(schemaOf(requestBody.content))}</li>`
      : '';
  const answers = Object.entries(responses as Record<string, { description?: string; content?: Content }>).map(
    ([status, { description = '', content = {} }]) =>
      `<li><code>${escaped(status)}</code> ${escaped(description)} ${shape(schemaOf(content))}</li>`,
  );
  return `<details>
<summary><span class="method">${method.toUpperCase()}</span> <code>${escaped(path)}</code> <span>${escaped(summary)}</span></summary>
${inputs.length > 0 || body !== '' ? `<h4>Takes</h4><ul>${inputs.join('')}${body}</ul>` : ''}
<h4>Answers</h4><ul>${answers.join('')}</ul>
</details>`;
}

type Content = Record<string, { schema?: unknown }>;

function schemaOf(content: Content): unknown {
  return Object.values(content)[0]?.schema;
}

/** A named shape is linked, any other is written out. */
function shape(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return '';
  if ('$ref' in schema && typeof schema.$ref === 'string') {
    const name = escaped(schema.$ref.replace(/^.*\//, ''));
    return `<a href="#shape-${name}">${name}</a>`;
  }
  return block(schema);
}

function block(schema: unknown): string {
  return `<pre>${escaped(JSON.stringify(schema, null, 2))}</pre>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export const DOCS_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 small { font-weight: normal; opacity: 0.7; }
h4 { margin: 0.75rem 0 0.25rem; }
ul { margin: 0; padding-left: 1.25rem; }
details { padding: 0.5rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
summary { cursor: pointer; }
summary > span:last-child { opacity: 0.8; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 600; font-size: 0.85rem; }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.5rem; background: color-mix(in srgb, currentColor 6%, transparent); }
`;
