using Luminarys.Ports;
using Microsoft.Extensions.Options;

namespace Luminarys.Transport.Nats;

/// <summary>Finds every mistake in the options at start. No text quotes the URL, because it may hold a credential.</summary>
internal sealed class NatsTransportOptionsValidator : IValidateOptions<NatsTransportOptions>
{
    public ValidateOptionsResult Validate(string? name, NatsTransportOptions options)
    {
        var problems = new List<string>();
        if (!NatsServers.TryParse(options, out _, out var problem))
        {
            problems.Add(problem);
        }

        Require(options.Token is null || options.User is null, "Token and User are both set; use one of them");
        Require(options.User is not null || options.Password is null, "Password is set without User");
        Require((options.CertificateFile is null) == (options.KeyFile is null), "CertificateFile and KeyFile belong together; one of them is missing");
        RequireFile(options.CaFile, nameof(options.CaFile));
        RequireFile(options.CertificateFile, nameof(options.CertificateFile));
        RequireFile(options.KeyFile, nameof(options.KeyFile));
        Require(BusSubject.IsValid(options.InboxPrefix), "InboxPrefix is not a subject");
        Require(options.FirstConnectTimeout >= TimeSpan.FromMilliseconds(100), "FirstConnectTimeout is below 100 ms");
        Require(options.QueueLength is >= 1 and <= 1_000_000, "QueueLength is not between 1 and 1,000,000");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Require(bool isRight, string text)
        {
            if (!isRight)
            {
                problems.Add(text);
            }
        }

        void RequireFile(string? path, string option) => Require(path is null || File.Exists(path), $"{option}: there is no file '{path}'");
    }
}
