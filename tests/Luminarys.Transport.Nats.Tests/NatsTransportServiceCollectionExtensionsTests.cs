using Luminarys.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Luminarys.Transport.Nats.Tests;

public sealed class NatsTransportServiceCollectionExtensionsTests
{
    [Fact]
    public async Task AddNatsBus_Resolved_GivesOneBusForEachLane()
    {
        await using var services = Build(options => options.Url = "127.0.0.1:1");

        var control = services.GetRequiredKeyedService<IBus>(BusLane.Control);
        var traffic = services.GetRequiredKeyedService<IBus>(BusLane.Traffic);

        Assert.NotSame(control, traffic);
        Assert.Same(control, services.GetRequiredKeyedService<IBus>(BusLane.Control));
        Assert.Equal(BusStatus.Down, control.Status);
    }

    [Fact]
    public async Task AddNatsBus_BadOptions_ReportsAllMistakesAtOnceWithoutSecrets()
    {
        await using var services = Build(options =>
        {
            options.Url = "http://s3same@host";
            options.Token = "s3same";
            options.User = "user";
            options.CaFile = "/no/such/file";
            options.CertificateFile = "/no/such/certificate";
            options.InboxPrefix = "a b";
            options.FirstConnectTimeout = TimeSpan.Zero;
            options.QueueLength = 0;
        });

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredKeyedService<IBus>(BusLane.Control));

        Assert.Equal(8, error.Failures.Count());
        Assert.DoesNotContain("s3same", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddNatsBus_PasswordWithoutUser_IsAMistake()
    {
        await using var services = Build(options => options.Password = "p");
        Assert.Throws<OptionsValidationException>(() => services.GetRequiredKeyedService<IBus>(BusLane.Traffic));
    }

    private static ServiceProvider Build(Action<NatsTransportOptions> configure) => new ServiceCollection()
        .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
        .AddNatsBus(configure)
        .BuildServiceProvider(validateScopes: true);
}
