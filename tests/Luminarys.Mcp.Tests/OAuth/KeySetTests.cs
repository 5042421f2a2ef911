using System.Globalization;

namespace Luminarys.Mcp.OAuth;

public sealed class KeySetTests
{
    private const int Fetched = 4020;
    private const int NotFetched = 4021;

    [Fact]
    public async Task Key_ThatIsNew_IsFetchedOnce_AndOneThatWasTakenBackIsRefused()
    {
        await using var test = await OAuthFixture.StartAsync();
        Assert.Equal(200, (await test.CallAsync(test.Token())).Status);
        var next = SigningKey.Rsa("rsa-2");
        test.Server.Keys[0] = next;
        test.Edge.Time.Advance(KeySet.Pause);
        var asked = test.Server.Asked;

        Assert.Equal(200, (await test.CallAsync(next.Sign(test.Claims()))).Status);
        Assert.Equal(401, (await test.CallAsync(test.Token())).Status);
        Assert.Equal(asked + 1, test.Server.Asked);
    }

    [Fact]
    public async Task Key_ThatNobodyKnows_DoesNotFloodTheIssuer()
    {
        await using var test = await OAuthFixture.StartAsync();
        await test.CallAsync(test.Token());
        var asked = test.Server.Asked;

        for (var i = 0; i < 20; i++)
        {
            await test.CallAsync(OAuthFixture.Rsa.As("guess-" + i.ToString(CultureInfo.InvariantCulture)).Sign(test.Claims()));
        }

        Assert.Equal(asked, test.Server.Asked);
        test.Edge.Time.Advance(KeySet.Pause);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => test.CallAsync(OAuthFixture.Rsa.As("more-" + i.ToString(CultureInfo.InvariantCulture)).Sign(test.Claims()))));
        Assert.Equal(asked + 1, test.Server.Asked);
        Assert.Equal(200, (await test.CallAsync(test.Token())).Status);
    }

    [Fact]
    public async Task Issuer_DownAtTheStart_IsToldAndRecovers()
    {
        await using var test = await OAuthFixture.StartAsync(prepare: server => server.IsDown = true);

        var (status, answer) = await test.CallAsync(test.Token());

        Assert.Equal(503, status);
        Assert.Contains("Retry-After: 10\r\n", answer, StringComparison.Ordinal);
        Assert.Contains(NotFetched, test.Log.Events);
        Assert.Empty(test.Edge.Invoker.Calls);
        test.Server.IsDown = false;
        test.Edge.Time.Advance(KeySet.Pause);
        Assert.Equal(200, (await test.CallAsync(test.Token())).Status);
        Assert.Contains(Fetched, test.Log.Events);
    }

    [Fact]
    public async Task Issuer_DownLater_LeavesTheKeysForADay()
    {
        await using var test = await OAuthFixture.StartAsync();
        Assert.Equal(200, (await test.CallAsync(test.Token())).Status);
        test.Server.IsDown = true;

        test.Edge.Time.Advance(KeySet.Life - TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await test.CallAsync(test.Token())).Status);
        Assert.Equal(401, (await test.CallAsync(OAuthFixture.Rsa.As("unknown").Sign(test.Claims()))).Status);
        test.Edge.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(503, (await test.CallAsync(test.Token())).Status);
    }

    [Fact]
    public async Task Key_ThatWasTakenBack_IsForgotten()
    {
        await using var test = await OAuthFixture.StartAsync();
        Assert.Equal(200, (await test.CallAsync(test.Token())).Status);
        test.Server.Keys[0] = SigningKey.Rsa("rsa-2");
        test.Edge.Time.Advance(KeySet.Freshness + TimeSpan.FromSeconds(1));

        // The first one only begins the question.
        var end = TimeProvider.System.GetTimestamp() + (10 * TimeProvider.System.TimestampFrequency);
        int status;
        do
        {
            (status, _) = await test.CallAsync(test.Token());
        }
        while (status == 200 && TimeProvider.System.GetTimestamp() < end);

        Assert.Equal(401, status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":7}""")]
    [InlineData("""{"keys":[7,{},{"kty":"RSA"},{"kty":"RSA","n":"!","e":"?"},{"kty":"EC","crv":"x"}]}""")]
    [InlineData("""{"keys":[{"kty":"oct","k":"AAAA"}]}""")]
    public async Task Answer_ThatHoldsNoKeys_IsAnIssuerThatIsDown(string answer)
    {
        await using var test = await OAuthFixture.StartAsync(prepare: server => server.Instead = answer);

        var (status, _) = await test.CallAsync(test.Token());

        Assert.Equal(503, status);
        Assert.Contains(NotFetched, test.Log.Events);
    }

    [Fact]
    public async Task Description_OfTheIssuer_TellsWhereItsKeysAre()
    {
        await using var test = await OAuthFixture.StartAsync(configure: (options, _) => options.OAuth!.KeySetUrl = null);

        Assert.Equal(200, (await test.CallAsync(test.Token())).Status);
    }

    [Fact]
    public async Task Description_OfAnotherIssuer_IsNotFollowed()
    {
        await using var test = await OAuthFixture.StartAsync(
            prepare: server => server.ClaimedIssuer = "https://evil.example", configure: (options, _) => options.OAuth!.KeySetUrl = null);

        Assert.Equal(503, (await test.CallAsync(test.Token())).Status);
        Assert.Equal(0, test.Server.Asked);
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        await using var test = await OAuthFixture.StartAsync(configure: (options, server) => options.OAuth!.KeySetUrl = new(server.Issuer + "/moved"));

        Assert.Equal(503, (await test.CallAsync(test.Token())).Status);
        Assert.Equal(0, test.Server.Asked);
    }
}
