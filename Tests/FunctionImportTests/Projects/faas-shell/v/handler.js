module.exports = async (event, context) => context.succeed('ok');
