namespace Luminarys.Samples;

public sealed class EchoTests
{
    [Fact]
    public async Task Echo_WithoutPermissions_AnswersTheMessage()
    {
        await using var host = await SampleHost.StartAsync("echo");

        Assert.Equal("hi", await host.ResultAsync("echo", new { message = "hi" }));
    }
}
