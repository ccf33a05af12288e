// Runs demos in CPython (Pyodide), apart from the page, which stays alive. All files come with the first message,
// since pages on disk may not fetch any.
"use strict";
// Pages on disk may start workers of this classic kind alone. Pyodide refuses those, since some browsers cannot
// import modules in them; it knows them by this function.
self.importScripts = () => {
  throw new TypeError("modules only");
};
let files = {};
let python = null;
let run = null;

async function unpacked(base64) {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const types = { wasm: "application/wasm", json: "application/json" };
self.fetch = async (address) => {
  const name = String(address).split("/").pop();
  if (!(name in files)) throw new TypeError("there is no network here: " + name);
  return new Response(files[name], { headers: { "Content-Type": types[name.split(".").pop()] || "" } });
};

const PYTHON = `
import io, json, sys, traceback, types
from contextlib import redirect_stdout
from studykit.demos.form import ClaimError

def run_demo(name, program, seed):
    full = "studykit.demos." + name
    module = types.ModuleType(full)
    module.__package__ = "studykit.demos"
    before, sys.modules[full] = sys.modules.get(full), module
    printed = io.StringIO()
    said = {"lines": [], "holds": False, "problem": "", "error": ""}
    try:
        with redirect_stdout(printed):
            exec(compile(program, name + ".py", "exec"), module.__dict__)
            numbers = module.run(seed)
            said["lines"] = module.lines(numbers)
            module.check(numbers)
        said["holds"] = True
    except ClaimError as error:
        said["problem"] = str(error)
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)
        first = next((i for i, frame in enumerate(frames) if frame.filename == name + ".py"), 0)
        listed = traceback.format_list(frames[first:])
        said["error"] = "".join(listed + traceback.format_exception_only(error)).rstrip()
    finally:
        sys.modules.pop(full)
        if before:
            sys.modules[full] = before
    said["lines"] = printed.getvalue().splitlines() + list(map(str, said["lines"]))
    return json.dumps(said)

run_demo
`;

async function start(packed, sources) {
  for (const [name, content] of Object.entries(packed)) files[name] = await unpacked(content);
  const module = (name) => import(URL.createObjectURL(new Blob([files[name]], { type: "text/javascript" })));
  const { loadPyodide } = await module("pyodide.mjs");
  python = await loadPyodide({
    indexURL: "https://inside.invalid/",
    packageBaseUrl: "https://inside.invalid/",
    lockFileContents: await new Response(files["pyodide-lock.json"]).text(),
    createPyodideModule: (await module("pyodide.asm.mjs")).default,
  });
  files = Object.fromEntries(Object.entries(files).filter(([name]) => name.endsWith(".whl")));
  python.FS.mkdirTree("/demos/studykit/demos");
  python.FS.writeFile("/demos/studykit/__init__.py", "");
  for (const [name, source] of Object.entries(sources)) {
    python.FS.writeFile("/demos/studykit/demos/" + name, source);
  }
  python.runPython("import sys; sys.path.insert(0, '/demos')");
  run = python.runPython(PYTHON);
}

self.onmessage = async (event) => {
  const { packed, sources, name, program, seed, numpy } = event.data;
  try {
    if (packed) {
      await start(packed, sources);
      self.postMessage({ ready: true });
    } else {
      // Demos import one another, so the program itself need not name what it uses.
      if (numpy || /\bnumpy\b/.test(program)) await python.loadPackage("numpy", { messageCallback: () => {} });
      self.postMessage({ said: JSON.parse(run(name, program, seed)) });
    }
  } catch (error) {
    self.postMessage({ failed: String(error && error.message ? error.message : error) });
  }
};
