using System.Globalization;
using System.Text.RegularExpressions;
using Luminarys.Permissions;
using Luminarys.Permissions.Network;

namespace Luminarys.Core.Tests.Permissions.Network;

public sealed partial class UrlSpellingTests
{
    private static readonly HttpPermission s_everything = new(["**"], 0, AllowWebSocket: true);
    private static readonly HttpRules s_open = new(s_everything, new());
    private static readonly HttpRules s_hardened = new(s_everything, new() { DenyInternal = true });

    [Fact]
    public void S3_S4_EverySpelling_IsJudgedAsListed()
    {
        var lines = UrlSpellings.Table.Split('\n');
        var wrong = lines.Where(line => Judge(Decode(line[10..])) != line[..9].TrimEnd()).Select(line => $"{line} was {Judge(Decode(line[10..]))}").ToArray();

        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.True(lines.Distinct().Count() >= 200, "the table holds fewer than 200 spellings");
    }

    [Fact]
    public void TryParse_CanonicalForm_IsAFixedPointAndWhatTheFrameworkSends()
    {
        foreach (var line in UrlSpellings.Table.Split('\n'))
        {
            if (WebAddress.TryParse(Decode(line[10..]), out var address, out _))
            {
                Assert.True(WebAddress.TryParse(address.ToString(), out var again, out _));
                Assert.Equal(address, again);
                Assert.Equal(address.PathAndQuery, address.ToUri().PathAndQuery);
                Assert.Equal(address.Host.ToString(), address.ToUri().Host);
                Assert.Equal(address.Port, address.ToUri().Port);
            }
        }
    }

    [Fact]
    public void TryParse_EmptyText_IsRefused() => Assert.Equal("refused", Judge(""));

    [Theory]
    [InlineData("http://EXAMPLE.com", "http://example.com/")]
    [InlineData("HTTPS://example.com.:443/a/./b/../c?x#y", "https://example.com/a/c?x")]
    [InlineData("http://example.com:8080?q=1", "http://example.com:8080/?q=1")]
    [InlineData("http://example.com/%7e%41/%2f/\u00e9", "http://example.com/~A/%2F/%C3%A9")]
    [InlineData("http://example.com/a/%2e%2e/../../b/", "http://example.com/b/")]
    [InlineData("http://example.com/a/..", "http://example.com/")]
    [InlineData("http://example.com//a//b", "http://example.com//a//b")]
    [InlineData("http://example.com/<\"x\">?<q>", "http://example.com/%3C%22x%22%3E?%3Cq%3E")]
    [InlineData("http://b\u00fccher.example/", "http://xn--bcher-kva.example/")]
    [InlineData("http://0x7f.1:80/", "http://127.0.0.1/")]
    [InlineData("http://[::FFFF:10.0.0.1]/", "http://10.0.0.1/")]
    [InlineData("wss://[2606:4700:0:0::1]:443/", "wss://[2606:4700::1]/")]
    public void TryParse_Url_HasOneSpelling(string text, string canonical)
    {
        Assert.True(WebAddress.TryParse(text, out var address, out _));
        Assert.Equal(canonical, address.ToString());
    }

    private static string Judge(string url)
    {
        if (!WebAddress.TryParse(url, out var address, out _))
        {
            return "refused";
        }

        var isOpen = s_open.Judge(address).IsAllowed;
        var isHardened = s_hardened.Judge(address).IsAllowed;
        return (isOpen, isHardened, address.Host.Address is null) switch
        {
            (false, false, _) => "never",
            (true, false, false) => "internal",
            (true, true, false) => "external",
            (true, true, true) => "name",
            _ => "inconsistent",
        };
    }

    private static string Decode(string text) => Escape().Replace(text, match =>
    {
        var code = int.Parse(match.Groups[1].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return code > char.MaxValue ? char.ConvertFromUtf32(code) : ((char)code).ToString();
    });

    [GeneratedRegex(@"\{U\+([0-9A-F]{4,6})\}")]
    private static partial Regex Escape();
}
