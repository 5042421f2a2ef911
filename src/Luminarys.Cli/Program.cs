using Luminarys.Cli;

return await LuminarysCommand.Build().Parse(args).InvokeAsync(LuminarysCommand.Signals);
