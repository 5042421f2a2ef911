using Luminarys.Ports;

namespace Luminarys.Files.Tests;

public sealed class SegmentSandboxTests() : SandboxTests(usesKernel: false)
{
    [Fact]
    public void OpenRead_LinkThatStaysInside_IsRefusedToo()
    {
        Tree.Write("inside/a.txt", "content");
        Tree.Link("inside/link", "a.txt");
        using var files = Tree.Grant("inside:ro");

        AssertDenied(files.OpenRead($"{Tree.Inside}/link").Fault);
    }
}
