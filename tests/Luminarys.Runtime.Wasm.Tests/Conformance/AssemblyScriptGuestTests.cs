using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.Tests.Conformance;

public sealed class AssemblyScriptGuestTests : GuestConformance
{
    private const int Scratch = 512 * 1024;

    protected override string Guest => "guests/conformance-as";

    protected override string PackageName => "test.conformance.as";

    protected override (InvocationError Error, string Message) Panic => (InvocationError.SkillError, "boom");

    [Theory]
    [InlineData(Scratch, 0)]
    [InlineData(Scratch + 1, 1)]
    public async Task Invoke_RequestBeyondTheScratchArea_IsAnsweredAndTheInstanceDiscarded(int size, int warnings)
    {
        await using var harness = await StartAsync();

        Assert.Equal(size, Number((await harness.AskAsync("oversized", RuntimeHarness.Pack(("size", size))))!));
        var next = await harness.InvokeAsync("request");

        Assert.True(next.IsSuccess, next.Message);
        Assert.Equal(warnings, harness.Log.Of(3005).Count);
    }

    [Fact]
    public async Task Invoke_RequestThatTheLibraryRefuses_EndsTheCallWithItsText()
    {
        await using var harness = await StartAsync();

        var result = await harness.InvokeAsync("fs_write", RuntimeHarness.Pack(("path", "/data/a"), ("content", new byte[Scratch])));

        Assert.Equal((InvocationError.SkillError, "a request to the host may have 524288 bytes at most"), (result.Error, result.Message));
    }

    [Fact]
    public async Task Invoke_StateWithAVersion_CountsUp()
    {
        await using var harness = await StartAsync();

        Assert.Equal(0, Number((await harness.AskAsync("state_version"))!));
        Assert.Equal(1, Number((await harness.AskAsync("state_version"))!));
        Assert.Equal(2, Number((await harness.AskAsync("state_version"))!));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("{}", "")]
    [InlineData("""{"B":"1","A":"2","B":"3"}""", "B=1;A=2;B=3")]
    [InlineData(""" { "X-Quote" : "say \"hi\" \u00e9\n" , "N" : 5 } """, "X-Quote=say \"hi\" é\n;N=5")]
    [InlineData("""{"a":"1","b""", "a=1")]
    public async Task HeadersFromJson_Object_KeepsOrderAndDuplicates(string json, string headers)
    {
        await using var harness = await StartAsync();

        var parsed = (await harness.AskJsonAsync("headers_from_json", ("json", json))).GetProperty("headers").EnumerateArray();

        Assert.Equal(headers, string.Join(';', parsed.Select(header => $"{header.GetProperty("name")}={header.GetProperty("value")}")));
    }
}
