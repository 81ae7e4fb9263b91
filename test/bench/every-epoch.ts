/** The original script's own functions, made to measure after every epoch instead of at three of them. */

/** Its optimiser's step is followed by a measurement, but where the script measures by itself. */
const PROGRAM = `
import importlib.util, sys, torch
path, dims, heads = sys.argv[1], sys.argv[2].split(","), sys.argv[3].split(",")
spec = importlib.util.spec_from_file_location("script", path)
script = importlib.util.module_from_spec(spec)
spec.loader.exec_module(script)
EPOCHS = 50
held = {}
class MeasuringAdam(torch.optim.Adam):
    count = 0
    def step(self, *rest):
        result = super().step(*rest)
        self.count += 1
        if self.count not in (EPOCHS // 2, EPOCHS):
            held["model"].eval()
            with torch.no_grad():
                held["model"](held["x"])
                script.measure_all_cv(held["model"], held["heads"], held["x"])
        return result
torch.optim.Adam = MeasuringAdam
for dim in map(int, dims):
    for count in map(int, heads):
        held["heads"] = count
        script.run_experiment(dim, count, epochs=EPOCHS, quiet=True, hook=lambda _, model, x, y: held.update(model=model, x=x))
`;

/** What a Python with torch is to be called with. */
export function everyEpoch(script: string, { dims, heads }: { dims: number[]; heads: number[] }): string[] {
  return ['-c', PROGRAM, script, dims.join(), heads.join()];
}
