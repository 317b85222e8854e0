import { buildGoProgram, type GoSource, goProgram, hasGo } from '../interop/go-program.ts'

export type ToolName = 'crane' | 'oras' | 'regctl'

const TOOLS: Readonly<Record<ToolName, GoSource>> = {
  crane: { module: 'github.com/google/go-containerregistry/cmd/crane@v0.22.1' },
  oras: { module: 'oras.land/oras/cmd/oras@v1.3.6' },
  regctl: { module: 'github.com/regclient/regclient/cmd/regctl@v0.11.7' },
}

/** The programs of the tools that can be built here. What can't be built says so. */
export async function buildTools(): Promise<Partial<Record<ToolName, string>>> {
  const built: Partial<Record<ToolName, string>> = {}
  if (!hasGo()) console.log('No tool was built to compare with: Go is not installed')
  else
    for (const [name, source] of Object.entries(TOOLS) as [ToolName, GoSource][]) {
      const failure = await buildGoProgram(source, name)
      if (failure === undefined) built[name] = goProgram(source)
      else console.log(`${name} could not be built to compare with: ${failure}`)
    }
  return built
}
