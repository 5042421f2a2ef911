using Luminarys.Runtime.Wasm.HostFunctions.Shell;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Shell;

public sealed class ShellGoldenTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("g")]
    [InlineData("r")]
    public async Task Execute_RequestOfAnSdk_GivesTheAnswerByteByByte(string sdk)
    {
        var lines = await File.ReadAllLinesAsync(
            Path.Combine(AppContext.BaseDirectory, "assets", "golden", $"shell_exec.{sdk}.txt"), TestContext.Current.CancellationToken);
        await using var shell = new ShellHarness();

        var answer = shell.Answer(Convert.FromHexString(ValueOf(lines, "request")));

        Assert.Equal(ValueOf(lines, "answer"), Convert.ToHexStringLower(answer));
    }

    [Fact]
    public void Read_NothingOrSomethingElse_IsTheEmptyRequest()
    {
        Assert.Equal(new ShellRequest(), ShellRequest.Read(default));
        Assert.Equal(new ShellRequest(), ShellRequest.Read(new byte[] { 0xc0 }));
        Assert.Equal(new ShellRequest(), ShellRequest.Read(new byte[] { 0x81, 0xa4, (byte)'m', (byte)'o', (byte)'r', (byte)'e', 0x90 }));
    }

    private static string ValueOf(string[] lines, string name) => lines.Single(line => line.StartsWith($"{name} ", StringComparison.Ordinal))[(name.Length + 1)..];
}
