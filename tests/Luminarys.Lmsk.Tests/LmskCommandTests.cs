namespace Luminarys.Lmsk.Tests;

public sealed class LmskCommandTests
{
    [Theory]
    [InlineData("fly")]
    [InlineData("sign")]
    [InlineData("sign", "a.wasm", "b.wasm")]
    [InlineData("info", "a.wasm", "-xml")]
    [InlineData("generate", "-lang", "cobol")]
    public async Task Lmsk_CommandLineThatCannotBeRead_IsAUsageError(params string[] args)
    {
        using var bench = new Workbench();

        Assert.Equal(LmskCommand.Usage, await bench.RunAsync(args));
        Assert.NotEmpty(bench.Errors);
    }

    [Theory]
    [InlineData("-help")]
    [InlineData("--help")]
    [InlineData("sign", "-help")]
    [InlineData("-version")]
    public async Task Lmsk_Help_IsNoError(params string[] args)
    {
        using var bench = new Workbench();

        Assert.NotEmpty(await bench.DoAsync(args));
    }
}
