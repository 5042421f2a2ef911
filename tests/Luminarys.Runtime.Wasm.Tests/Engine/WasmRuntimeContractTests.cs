using Luminarys.Contracts;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

public sealed class WasmRuntimeContractTests : RuntimeContract
{
    private const int QueueLength = 8;

    protected override async ValueTask<RuntimeSubject> CreateAsync()
    {
        var harness = await RuntimeHarness.StartAsync("echo", options => options.QueueLength = QueueLength);
        return new RuntimeSubject(harness.Runtime, RuntimeHarness.ManifestOf("echo"), QueueLength);
    }
}
